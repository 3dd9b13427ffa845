# The program in the README is apps/mnist_mlp.cpp, letter for letter (after its first comment).
# cmake -DSOURCE=… -P readme.cmake
file(READ ${SOURCE}/README.md readme)
file(READ ${SOURCE}/apps/mnist_mlp.cpp program)
string(REGEX REPLACE "^//[^\n]*\n" "" program "${program}")
string(FIND "${readme}" "```cpp\n${program}```" place)
if(place EQUAL -1)
  message(FATAL_ERROR "the first program of README.md is not apps/mnist_mlp.cpp")
endif()
