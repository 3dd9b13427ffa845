# A sweep that is killed and started again gives the page of one that was not.
# cmake -DAPPS=folder -DWORK=folder -P lab_sweep.cmake
set(ENV{OMP_NUM_THREADS} 1)
execute_process(COMMAND ${APPS}/about --find mnist RESULT_VARIABLE missing OUTPUT_QUIET ERROR_QUIET)
if(missing EQUAL 1)
  message("skipped: MNIST is not on this machine")
  return()
elseif(NOT missing EQUAL 0)
  message(FATAL_ERROR "about: ${missing}")
endif()
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
function(lab output_file)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_FILE ${output_file} ERROR_VARIABLE error)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}: ${error}")
  endif()
endfunction()

# Does what is missing of one study of a claim on one data set, which are so many short runs.
function(sweep results expected)
  lab(${WORK}/jobs ${APPS}/lab jobs overfitting --quick --results ${results})
  file(STRINGS ${WORK}/jobs jobs REGEX "dataset mnist .*--seed [123] ")
  list(LENGTH jobs count)
  if(NOT count EQUAL ${expected})
    message(FATAL_ERROR "${count} jobs, expected ${expected}:\n${jobs}")
  endif()
  foreach(job IN LISTS jobs)
    separate_arguments(job UNIX_COMMAND "${job}")
    lab(${WORK}/line ${job})
    execute_process(COMMAND ${APPS}/lab collect overfitting --quick --results ${results}
      INPUT_FILE ${WORK}/line)
  endforeach()
endfunction()

sweep(${WORK}/whole.jsonl 6)

# The same, but killed while the fourth line was written.
file(READ ${WORK}/whole.jsonl lines)
string(LENGTH "${lines}" length)
math(EXPR torn "${length} * 55 / 100")
string(SUBSTRING "${lines}" 0 ${torn} part)
file(WRITE ${WORK}/killed.jsonl "${part}")
sweep(${WORK}/killed.jsonl 3)

foreach(name whole killed)
  execute_process(COMMAND ${APPS}/lab report --results ${WORK}/${name}.jsonl
    --output ${WORK}/${name}.html OUTPUT_QUIET RESULT_VARIABLE status)
  if(status)
    message(FATAL_ERROR "no report of ${name}.jsonl")
  endif()
  file(READ ${WORK}/${name}.html page)
  # the seconds a training took are not the same
  string(REGEX REPLACE "[0-9]+ (s|min)[^0-9a-z]" "" page "${page}")
  set(page_${name} "${page}")
endforeach()
if(NOT page_whole STREQUAL page_killed)
  message(FATAL_ERROR "the resumed sweep gives another page than the whole one")
endif()
