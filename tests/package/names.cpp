// A file whose other headers have left macros and aliases behind.
#include <cmath>

#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define check(x) (x)
#define require(x) (x)
#define fail(x) (x)
#define abs(x) ((x) < 0 ? -(x) : (x))
#define square(x) ((x) * (x))
#define I 1
#define F 2
#define N 3
#define None 0
#define Bool int
#define Status int
#define Success 0
#define near
#define far
#define small char
#define ERROR 0
#define IN
#define OUT
using f32 = float;
using f64 = double;
using real = double;

#include <temper.h>

int main() {
  using namespace temper;
  f32 x = 1;
  const f64 y = 2;
  Rng rng(1);
  const Linear layer(2, 3, rng);
  return min(x, y) == 1 && max(x, y) == 2 && square(y) == 4 && I == 1 && None == 0 &&
                 layer.parameters().size() == 2
             ? 0
             : 1;
}
