// The style of the pages: the colours that steel takes when it is tempered, on paper or at night.
#pragma once

namespace temper::lab {
extern const char *const page_colors, *const page_style;  // CSS
}  // namespace temper::lab
