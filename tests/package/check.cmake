# Installs temper into an empty folder and builds the consumer against it in each way that the README
# promises: find_package, add_subdirectory, pkg-config; static and shared; in a project with flags of its
# own.
# cmake -DSOURCE=… -DBUILD=… -DWORK=… -DCXX=… -DGENERATOR=… -P check.cmake
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}\n${output}")
  endif()
endfunction()
# What must not work, and what is said then.
function(run_to_fail message)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(status EQUAL 0 OR NOT output MATCHES "${message}")
    message(FATAL_ERROR "expected \"${message}\" of ${ARGN}\n${output}")
  endif()
endfunction()

find_program(python3 python3)
function(run_consumer folder)
  run(${folder}/consumer)
  run(${folder}/names)
  run(${folder}/host ${folder}/plugin.so)
  if(python3)
    run(${python3} -c "import ctypes; f = ctypes.CDLL('${folder}/plugin.so').plugin_loss; f.restype = ctypes.c_float; assert f() < 0.05")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
set(consumer ${SOURCE}/tests/package)
set(configure -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_BUILD_TYPE=Release)

# Nothing generic is on anyone's include path.
file(GLOB found RELATIVE ${WORK}/prefix/include ${WORK}/prefix/include/*)
if(NOT found STREQUAL "temper;temper.h")
  message(FATAL_ERROR "installed in include: ${found}")
endif()

run(${CMAKE_COMMAND} -S ${consumer} -B ${WORK}/found ${configure} -DCMAKE_PREFIX_PATH=${WORK}/prefix)
run(${CMAKE_COMMAND} --build ${WORK}/found --parallel)
run_consumer(${WORK}/found)

# As a subdirectory of a project with fast but wrong arithmetic, all warnings as errors, a unity build and
# shared libraries. The project's own files, which include temper.h, take the arithmetic back.
set(warnings "-Wall -Wextra -Wshadow -Wconversion -Wpedantic -Werror")
run(${CMAKE_COMMAND} -S ${consumer} -B ${WORK}/subdirectory ${configure} -DTEMPER_SOURCE_DIR=${SOURCE}
  "-DCMAKE_CXX_FLAGS=-Ofast -ffinite-math-only -fno-exceptions ${warnings}" -DCMAKE_UNITY_BUILD=ON
  -DBUILD_SHARED_LIBS=ON "-DOWN_OPTIONS=-fno-fast-math$<SEMICOLON>-fexceptions")
run(${CMAKE_COMMAND} --build ${WORK}/subdirectory --parallel)
run_consumer(${WORK}/subdirectory)
if(EXISTS ${WORK}/subdirectory/temper/apps OR EXISTS ${WORK}/subdirectory/temper/tests)
  message(FATAL_ERROR "as a subdirectory temper builds its apps or tests")
endif()
run_to_fail("temper needs NaN, infinity and exact rounding" ${CXX} -std=c++20 -ffast-math -fsyntax-only
  -I${WORK}/prefix/include ${consumer}/main.cpp)

# The shared library has a versioned name and shows its own names alone.
run(${CMAKE_COMMAND} --install ${WORK}/subdirectory --prefix ${WORK}/shared)
file(GLOB_RECURSE library ${WORK}/shared/libtemper.so.0.2)
execute_process(COMMAND nm -D --defined-only ${library} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" symbols "${symbols}")
list(FILTER symbols EXCLUDE REGEX "N[KSR]*6temper")
if(symbols)
  message(FATAL_ERROR "libtemper.so shows: ${symbols}")
endif()
run(${CMAKE_COMMAND} -S ${consumer} -B ${WORK}/found-shared ${configure} -DCMAKE_PREFIX_PATH=${WORK}/shared)
run(${CMAKE_COMMAND} --build ${WORK}/found-shared --parallel)
run_consumer(${WORK}/found-shared)

# Without OpenMP it is serial; with the second compiler, where there is one, and parts of fast arithmetic.
find_program(clang clang++)
if(clang)
  set(configure -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${clang} -DCMAKE_BUILD_TYPE=Release)
  set(warnings "-fapprox-func -fno-honor-nans -fno-signed-zeros -fassociative-math ${warnings}")
endif()
run(${CMAKE_COMMAND} -S ${consumer} -B ${WORK}/serial ${configure} -DTEMPER_SOURCE_DIR=${SOURCE}
  -DTEMPER_OPENMP=OFF "-DCMAKE_CXX_FLAGS=${warnings}")
run(${CMAKE_COMMAND} --build ${WORK}/serial --parallel)
run_consumer(${WORK}/serial)
execute_process(COMMAND nm ${WORK}/serial/consumer OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
if(symbols MATCHES "GOMP_|kmpc_")
  message(FATAL_ERROR "built without OpenMP, the program needs it")
endif()

# A package that lacks its BLAS is not found, and says so when it is asked to.
file(WRITE ${WORK}/optional/CMakeLists.txt "cmake_minimum_required(VERSION 3.22)\nproject(p LANGUAGES CXX)\nfind_package(temper QUIET)\nif(temper_FOUND)\n  message(FATAL_ERROR \"found\")\nendif()\nif(REQUIRE)\n  find_package(temper REQUIRED)\nendif()\n")
set(without_blas -DTEMPER_openblas_LIBRARY=)  # not searched for, and not there
run(${CMAKE_COMMAND} -S ${WORK}/optional -B ${WORK}/optional/b ${configure} -DCMAKE_PREFIX_PATH=${WORK}/prefix
  ${without_blas})
run_to_fail("temper needs the library" ${CMAKE_COMMAND} -S ${WORK}/optional -B ${WORK}/optional/b -DREQUIRE=ON)

# The prefix is moved first: an installed package must not know where it was installed.
file(RENAME ${WORK}/prefix ${WORK}/moved)
file(GLOB_RECURSE package ${WORK}/moved/temper.pc)
cmake_path(GET package PARENT_PATH package)
file(MAKE_DIRECTORY ${WORK}/by-pkg-config)
set(build ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${package} sh -c)
set(flags "$(pkg-config --cflags --libs temper)")
run(${build} "cd ${consumer} && ${CXX} main.cpp model.cpp -o ${WORK}/by-pkg-config/consumer ${flags} && ${CXX} names.cpp -o ${WORK}/by-pkg-config/names ${flags}")
run(${build} "cd ${consumer} && ${CXX} -shared -fPIC plugin.cpp model.cpp -o ${WORK}/by-pkg-config/plugin.so ${flags}")
file(COPY ${WORK}/found/host DESTINATION ${WORK}/by-pkg-config)
run_consumer(${WORK}/by-pkg-config)

# What is compiled as the gradient tests are, in double, does not link with the library in float.
run_to_fail("undefined reference to .temper_f64::" ${build}
  "cd ${consumer} && ${CXX} -Dtemper=temper_f64 main.cpp model.cpp -o ${WORK}/mixed ${flags}")
