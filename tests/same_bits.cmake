# A training run has the same bits at any number of threads, with either build of OpenBLAS.
# cmake -DPROGRAM=same_bits -P same_bits.cmake
file(GLOB builds /usr/lib/*/openblas-openmp /usr/lib/*/openblas-pthread)
list(PREPEND builds "")  # the one that is the system's default
set(first "")
foreach(build ${builds} "")
  foreach(settings "OMP_NUM_THREADS=1" "OMP_NUM_THREADS=2" "OMP_NUM_THREADS=3" "OMP_NUM_THREADS=8"
          "OMP_NUM_THREADS=2 OMP_THREAD_LIMIT=1")
    string(REPLACE " " ";" environment "${settings}")
    execute_process(
      COMMAND ${CMAKE_COMMAND} -E env LD_LIBRARY_PATH=${build}:$ENV{LD_LIBRARY_PATH} ${environment} ${PROGRAM}
      RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE error)
    if(NOT status EQUAL 0)
      message(FATAL_ERROR "${settings}: ${error}")
    endif()
    message("${output} ${settings}, ${error}")
    if(first STREQUAL "")
      set(first "${output}")
    elseif(NOT output STREQUAL first)
      message(FATAL_ERROR "the bits differ: ${output} is not ${first}")
    endif()
  endforeach()
endforeach()
