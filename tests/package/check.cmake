# Installs temper into an empty folder and builds the consumer against it in each way that the README
# promises: find_package, add_subdirectory, pkg-config.
# cmake -DSOURCE=… -DBUILD=… -DWORK=… -DCXX=… -DGENERATOR=… -P check.cmake
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)

set(consumer ${SOURCE}/tests/package)
set(configure -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_BUILD_TYPE=Release)
run(${CMAKE_COMMAND} -S ${consumer} -B ${WORK}/found ${configure} -DCMAKE_PREFIX_PATH=${WORK}/prefix)
run(${CMAKE_COMMAND} --build ${WORK}/found)
run(${WORK}/found/consumer)

run(${CMAKE_COMMAND} -S ${consumer} -B ${WORK}/subdirectory ${configure} -DTEMPER_SOURCE_DIR=${SOURCE})
run(${CMAKE_COMMAND} --build ${WORK}/subdirectory --parallel)
run(${WORK}/subdirectory/consumer)
if(EXISTS ${WORK}/subdirectory/temper/apps OR EXISTS ${WORK}/subdirectory/temper/tests)
  message(FATAL_ERROR "as a subdirectory temper builds its apps or tests")
endif()

# the prefix is moved first: an installed package must not know where it was installed
file(RENAME ${WORK}/prefix ${WORK}/moved)
file(GLOB_RECURSE package ${WORK}/moved/temper.pc)
cmake_path(GET package PARENT_PATH package)
run(${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${package} sh -c
  "${CXX} ${consumer}/main.cpp ${consumer}/model.cpp -o ${WORK}/by-pkg-config $(pkg-config --cflags --libs temper)")
run(${WORK}/by-pkg-config)

# What is compiled as the gradient tests are, in double, does not link with the library in float.
execute_process(COMMAND ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${package} sh -c
  "${CXX} -Dtemper=temper_f64 ${consumer}/main.cpp ${consumer}/model.cpp -o ${WORK}/mixed $(pkg-config --cflags --libs temper)"
  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(status EQUAL 0 OR NOT output MATCHES "undefined reference to .temper_f64::")
  message(FATAL_ERROR "a program in double links with the library in float:\n${output}")
endif()
