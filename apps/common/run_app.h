// run_app: how every program ends, with exit status 0 or with one sentence about what went wrong.
#pragma once

#include <cstdio>
#include <exception>
#include <stdexcept>

namespace temper {
// Runs the body of main and returns the exit status. An exception becomes "error: ..." on stderr
// and status 1; so does output that could not be written, to a full disk for example.
template <class Body>
int run_app(Body body) {
  try {
    body();
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
      throw std::runtime_error("the output cannot be written");
    return 0;
  } catch (const std::exception& error) {
    std::fflush(stdout);
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
}  // namespace temper
