# The demo programs on the built-in digits: each way to train learns, logs are JSON, errors are a sentence.
# cmake -DAPPS=folder -DWORK=folder -P apps.cmake
function(run expected_status)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE error)
  if(NOT status EQUAL expected_status)
    message(FATAL_ERROR "${ARGN}: status ${status}, expected ${expected_status}\n${output}${error}")
  endif()
  set(output "${output}" PARENT_SCOPE)
  set(error "${error}" PARENT_SCOPE)
endfunction()

file(MAKE_DIRECTORY ${WORK})
foreach(options
    "--targets hard"
    "--targets smooth --optimizer adam --schedule cosine"
    "--targets prior --optimizer adamw --schedule one-cycle --clip 1"
    "--targets rows --optimizer rmsprop --schedule exponential --threads 1"
    "--hidden 100,50 --dropout 0.1 --schedule step --weight-decay 1e-5")
  separate_arguments(list UNIX_COMMAND "${options}")
  set(log ${WORK}/train.jsonl)
  run(0 ${APPS}/train --dataset digits --epochs 2 --log ${log} ${list})
  file(STRINGS ${log} lines)
  list(LENGTH lines count)
  if(NOT count EQUAL 3)
    message(FATAL_ERROR "${options}: ${count} lines of log, expected the options and two epochs")
  endif()
  list(GET lines 2 last)
  string(JSON accuracy GET "${last}" test accuracy)
  if(accuracy LESS 0.8)
    message(FATAL_ERROR "${options}: accuracy ${accuracy} after two epochs")
  endif()
  message("${options}: accuracy ${accuracy}")
endforeach()

run(0 ${APPS}/compare_targets --dataset digits --epochs 1)
if(NOT output MATCHES "smoothed, e=0.1 .*calibration error")
  message(FATAL_ERROR "compare_targets printed\n${output}")
endif()

run(0 ${APPS}/about)
run(1 ${APPS}/train --data ${WORK}/nowhere)
if(NOT error MATCHES "^error: mnist: not found in [^\n]*\n$")
  message(FATAL_ERROR "a missing data set gives\n${error}")
endif()
run(1 ${APPS}/train --dataset digits --log ${WORK}/nowhere/log)
foreach(bad "--epochs 0" "--smoothing 1.5" "--hidden 0" "--targets soft" "--learning-rate -1" "--unknown")
  separate_arguments(list UNIX_COMMAND "${bad}")
  execute_process(COMMAND ${APPS}/train ${list} RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
  if(status EQUAL 0)
    message(FATAL_ERROR "train accepts ${bad}")
  endif()
endforeach()
