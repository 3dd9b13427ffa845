// Real, the number type of the library. For its gradient tests it is built once more in double, in
// a target that also renames the namespace, so the two can never be linked together.
#pragma once

#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || \
    __FINITE_MATH_ONLY__ > 0 || __FLT_EVAL_METHOD__ == 1 || __FLT_EVAL_METHOD__ == 2
#error "temper needs NaN, infinity and exact rounding: add -fno-fast-math after -ffast-math"
#endif
#if !defined(__cpp_exceptions) || !defined(__cpp_rtti)
#error "temper needs exceptions and RTTI: give this file -fexceptions -frtti"
#endif
#ifdef __clang__  // it tells nobody of some parts
#pragma float_control(precise, on)
#endif

namespace temper {
static_assert(sizeof(0.5) == 8, "temper needs numbers in double: no -fsingle-precision-constant");
#ifdef temper  // renamed: see CMakeLists.txt
using Real = double;
#else
using Real = float;
#endif
}  // namespace temper
