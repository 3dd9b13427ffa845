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
    "--shift 1 --rotation 5 --scale 0.05 --elastic 0.5 --erase 0.1 --flip 0.01"
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

set(report ${WORK}/report.html)
file(REMOVE ${report})
run(0 ${APPS}/compare_targets --dataset digits --epochs 1 --report ${report})
if(NOT output MATCHES "smooth 0.1 .*calibration error")
  message(FATAL_ERROR "compare_targets printed\n${output}")
endif()
if(NOT EXISTS ${report})
  message(FATAL_ERROR "compare_targets did not write ${report}")
endif()
run(0 ${APPS}/compare_targets --dataset digits --epochs 1 --report ${WORK}/nowhere/report.html)
if(NOT error MATCHES "^no page: [^\n]*nowhere/report.html: cannot be written\n$")
  message(FATAL_ERROR "a page that cannot be written gives\n${error}")
endif()

run(0 ${APPS}/about)
run(2 ${APPS}/about --unknown)
run(1 ${APPS}/about --find nothing)

# one table of data sets: train accepts them all, and what ./run can get is in it
run(0 ${APPS}/train --help)
set(help "${output}")
run(0 ${APPS}/about --datasets)
set(known "${output}")
string(REGEX MATCHALL "[^\n]+" lines "${known}")
foreach(line ${lines})
  if(NOT line MATCHES "^([^\t]+)\t[^\t]+\t(files|built in)$")
    message(FATAL_ERROR "about --datasets printed ${line}")
  elseif(NOT help MATCHES "[{,]${CMAKE_MATCH_1}[},]")
    message(FATAL_ERROR "train --help does not name ${CMAKE_MATCH_1}\n${help}")
  endif()
endforeach()
execute_process(COMMAND bash ${CMAKE_CURRENT_LIST_DIR}/../run data unknown RESULT_VARIABLE status
  ERROR_VARIABLE error)
if(NOT status EQUAL 1 OR NOT error MATCHES "unknown data set unknown: (.*)\n$")
  message(FATAL_ERROR "./run data unknown: status ${status}\n${error}")
endif()
string(REPLACE " or " ";" names "${CMAKE_MATCH_1}")
foreach(name ${names})
  if(NOT "\n${known}" MATCHES "\n${name}\t[^\t]+\tfiles\n")
    message(FATAL_ERROR "./run data ${name}: there is no such data set\n${known}")
  endif()
endforeach()

# letters of EMNIST, all alike: the network has 26 classes, and what was done to the files is said
run(0 sh ${CMAKE_CURRENT_LIST_DIR}/letters.sh ${WORK}/emnist)
set(letters --dataset emnist-letters --data ${WORK}/emnist --epochs 1)
foreach(model mlp lenet cnn)
  run(0 ${APPS}/train --model ${model} ${letters})
  if(NOT output MATCHES "emnist-letters: 260 training [^\n]*; labels 1 to 26 became 0 to 25; images, [^\n]* were transposed\n")
    message(FATAL_ERROR "train on the letters of EMNIST printed\n${output}")
  endif()
endforeach()
run(0 ${APPS}/compare_targets ${letters} --report ${WORK}/letters.html)
if(NOT output MATCHES "network 784-256-26,")
  message(FATAL_ERROR "compare_targets on the letters of EMNIST printed\n${output}")
endif()
run(1 ${APPS}/train --data ${WORK}/emnist)
if(NOT error MATCHES "emnist: holds emnist-letters, not mnist; to take it: --dataset emnist-letters\n$")
  message(FATAL_ERROR "train on a folder of another data set gives\n${error}")
endif()

# the programs of the README and its sister end with a sentence where there is no data
foreach(program mnist_mlp mnist_cnn)
  run(1 ${CMAKE_COMMAND} -E env TEMPER_DATA=${WORK}/nowhere HOME=${WORK} XDG_CACHE_HOME=${WORK}
    ${CMAKE_COMMAND} -E chdir ${WORK} ${APPS}/${program})
  if(NOT error MATCHES "^mnist: not found in [^\n]*; to get it: ./run data mnist\n$")
    message(FATAL_ERROR "${program} without data gives\n${error}")
  endif()
endforeach()

run(0 ${APPS}/train --dataset digits --epochs 1 --profile)
foreach(row "linear" "linear backward" "optimizer" "evaluation" "load a batch, and the rest")
  if(NOT output MATCHES "\n${row} +[0-9]+ +[0-9.]+ +[0-9. ]+ %\n")
    message(FATAL_ERROR "train --profile has no row ${row}\n${output}")
  endif()
endforeach()

set(ENV{BENCH_SECONDS} 0)
foreach(job "about" "network mlp-128 8" "loss 16 10" "tape")
  separate_arguments(list UNIX_COMMAND "${job}")
  run(0 ${APPS}/bench ${list})
  string(REGEX MATCHALL "[^\n]+" lines "${output}")
  foreach(line ${lines})
    if(job STREQUAL "about")
      string(JSON number GET "${line}" threads)
    else()
      string(JSON number GET "${line}" milliseconds)
      string(JSON limit GET "${line}" limit)
    endif()
    if(NOT number GREATER 0)
      message(FATAL_ERROR "bench ${job} printed ${line}")
    endif()
  endforeach()
endforeach()

run(1 ${APPS}/train --data ${WORK}/nowhere)
if(NOT error MATCHES "^error: mnist: not found in [^\n]*\n$")
  message(FATAL_ERROR "a missing data set gives\n${error}")
endif()
run(1 ${APPS}/train --dataset digits --log ${WORK}/nowhere/log)
if(NOT error MATCHES "^error: [^\n]*nowhere/log: cannot be written\n$")
  message(FATAL_ERROR "a log that cannot be written gives\n${error}")
endif()
run(1 ${APPS}/train --dataset digits --data ${WORK})
run(1 ${APPS}/train --dataset digits --rotation 200)
if(NOT error STREQUAL "error: augmentation: rotation must be in [0, 180], got 200\n")
  message(FATAL_ERROR "a rotation that is too large gives\n${error}")
endif()
if(EXISTS /dev/full)
  run(1 ${APPS}/train --dataset digits --epochs 1 --log /dev/full)
  run(1 sh -c "${APPS}/about >/dev/full")
endif()
foreach(bad "--epochs 0" "--smoothing 1.5" "--hidden 0" "--targets soft" "--learning-rate -1" "--learning-rate nan"
        "--dropout nan" "--clip inf" "--weight-decay x" "--threads 100000" "--unknown" "--flip x")
  separate_arguments(list UNIX_COMMAND "${bad}")
  execute_process(COMMAND ${APPS}/train ${list} RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
  if(status EQUAL 0)
    message(FATAL_ERROR "train accepts ${bad}")
  endif()
endforeach()

# every program reads numbers alike, and says what is wrong with one
set(any_seed "0 to 18446744073709551615")
set(any_real "0 to 1.79769e+308")
foreach(case
    "train --seed -1 | --seed: -1 is not a whole number from ${any_seed}"
    "train --seed 18446744073709551616 | --seed: 18446744073709551616 is not a whole number from ${any_seed}"
    "compare_targets --seed -1 | --seed: -1 is not a whole number from ${any_seed}"
    "lab run --study s --dataset digits --arm a --seed -1 | --seed: -1 is not a whole number from ${any_seed}"
    "train --epochs abc | --epochs: \"abc\" is not a number"
    "train --epochs 1.5 | --epochs: 1.5 is not a whole number from 1 to 1000000"
    "train --epochs 99999999999 | --epochs: 99999999999 is not a whole number from 1 to 1000000"
    "train --hidden 128, | --hidden: \"\" is not a number"
    "train --hidden , | --hidden: \"\" is not a number"
    "train --hidden 128,x | --hidden: \"x\" is not a number"
    "train --hidden 128,0 | --hidden: 0 is not a whole number from 1 to 65536"
    "compare_targets --hidden 128, | --hidden: 128, is not a whole number from 1 to 65536"
    "compare_targets --smoothing nan | --smoothing: \"nan\" is not a number"
    "compare_targets --smoothing inf | --smoothing: \"inf\" is not a number"
    "train --smoothing 1e400 | --smoothing: 1e400 is not a number from 0 to 1"
    "train --rotation nan | --rotation: \"nan\" is not a number"
    "train --flip inf | --flip: \"inf\" is not a number"
    "train --learning-rate -1 | --learning-rate: -1 is not a number from ${any_real}"
    "bench network mlp-128 abc | error: \"abc\" is not a number"
    "bench loss 16 99999999999 | error: 99999999999 is not a whole number from 1 to 1048576"
    "bench floor mlp-128 much | error: \"much\" is not a number")
  string(REGEX MATCH "^([^ ]+) (.*) [|] (.*)$" matched "${case}")
  set(sentence "${CMAKE_MATCH_3}")
  set(program ${CMAKE_MATCH_1})
  separate_arguments(list UNIX_COMMAND "${CMAKE_MATCH_2}")
  execute_process(COMMAND ${APPS}/${program} ${list} RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE error)
  string(FIND "${error}" "${sentence}\n" at)
  if(status EQUAL 0 OR NOT at EQUAL 0)
    message(FATAL_ERROR "${case}: status ${status}\n${error}")
  endif()
endforeach()

# a leading 0 does not make a number octal
run(0 ${APPS}/train --dataset digits --epochs 01 --seed 010 --hidden 016 --log ${WORK}/zeros.jsonl)
file(STRINGS ${WORK}/zeros.jsonl lines)
list(GET lines 0 options)
string(JSON seed GET "${options}" seed)
string(JSON hidden GET "${options}" hidden 0)
if(NOT "${seed} ${hidden}" STREQUAL "10 16")
  message(FATAL_ERROR "--seed 010 --hidden 016 are taken as ${seed} and ${hidden}")
endif()
