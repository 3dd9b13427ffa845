// Real, the number type of the library. For its gradient tests it is built once more in double, in
// a target that also renames the namespace, so the two can never be linked together.
#pragma once

namespace temper {
#ifdef temper  // renamed: see CMakeLists.txt
using Real = double;
#else
using Real = float;
#endif
}  // namespace temper
