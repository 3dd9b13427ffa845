// What pages are made of: escaped text, tables, figures, and the frame with its style.
#pragma once

#include <string>

#include "plots.h"
#include "statistics.h"

namespace temper::lab {
// Text as HTML shows it; in attributes in quotes too.
std::string escaped(const std::string& text);

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

// A verdict as a word in its colour.
std::string pill(Outcome outcome);

// An interval beside zero, as small as a word; `reach` is the largest value it can show.
std::string glyph(const Judgement& judgement, double reach);
}  // namespace temper::lab
