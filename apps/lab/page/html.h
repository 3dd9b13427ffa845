// What pages are made of: tables, figures, folded parts, and the frame with its style.
#pragma once

#include <string>

#include "../pictures/picture.h"

namespace temper::lab {
// The whole file: head, style, and the body in <main>.
std::string page(const std::string& title, const std::string& body);

// As wide as it needs to be, in a box that scrolls.
std::string table(const Table& numbers);

// Folded away until it is wanted.
std::string folded(const std::string& summary, const std::string& content);

// Title, key, panels, what to see, a link to how it was made (none if empty), and the numbers as
// tables.
std::string figure(const Picture& picture, const std::string& link = "");

// The same as a file of its own, SVG; light and dark. Needs the panels' drawings.
std::string picture_file(const Picture& picture);

// Throws std::runtime_error with the path.
void write_page(const std::string& path, const std::string& page);
}  // namespace temper::lab
