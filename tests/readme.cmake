# The first program in the README is apps/mnist_mlp.cpp, letter for letter (after its first comment); the
# other pieces of C++ compile, each a struct or the body of a function.
# cmake -DSOURCE=… -DWORK=… -DCXX=… -P readme.cmake
cmake_minimum_required(VERSION 3.22)
file(READ ${SOURCE}/README.md rest)
file(READ ${SOURCE}/apps/mnist_mlp.cpp program)
string(REGEX REPLACE "^//[^\n]*\n" "" program "${program}")
set(pieces "#include <temper.h>
using namespace temper;
extern Sequential model;
extern Tensor logits, probabilities;
extern Labels labels;
")
set(count 0)
while(TRUE)
  string(FIND "${rest}" "```cpp\n" begin)
  if(begin EQUAL -1)
    break()
  endif()
  math(EXPR begin "${begin} + 7")
  string(SUBSTRING "${rest}" ${begin} -1 rest)
  string(FIND "${rest}" "```" end)
  string(SUBSTRING "${rest}" 0 ${end} piece)
  if(count EQUAL 0 AND NOT piece STREQUAL program)
    message(FATAL_ERROR "the first program of README.md is not apps/mnist_mlp.cpp")
  elseif(piece MATCHES "^struct")
    string(APPEND pieces "${piece}")
  elseif(count GREATER 0)
    string(APPEND pieces "void piece_${count}() {\n${piece}}\n")
  endif()
  math(EXPR count "${count} + 1")
endwhile()
if(count LESS 4)
  message(FATAL_ERROR "README.md has ${count} pieces of C++, expected at least 4")
endif()
file(WRITE ${WORK}/readme.cpp "${pieces}")
execute_process(COMMAND ${CXX} -std=c++20 -fsyntax-only -I${SOURCE} ${WORK}/readme.cpp RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "a piece of C++ in README.md does not compile")
endif()
