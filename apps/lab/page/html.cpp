#include "html.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "../pictures/text.h"
#include "style.h"

namespace temper::lab {
namespace {
// The line or the box that a key shows beside its text, 26 x 10.
std::string sample(const Key& key) {
  const std::string color = "var(--s" + std::to_string(key.color % 9) + ")";
  const char* dashes[] = {"", "", "4 3", "1.5 2.5", "6 2 1.5 2", "8 3", "6 2 1.5 2 1.5 2", "3 2"};
  if (key.area) return "<rect x='7' width='11' height='10' rx='2' fill='" + color + "'/>";
  return "<path d='M0 5h26' stroke='" + color + "' stroke-width='2.2' stroke-dasharray='" +
         dashes[std::clamp(key.dash, 0, 7)] + "'/>";
}
}  // namespace

std::string page(const std::string& title, const std::string& body) {
  return "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
         "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
         "<meta name='color-scheme' content='light dark'>\n<title>" +
         escaped(title) + "</title>\n<style>\n" + page_colors + page_style +
         "</style>\n</head>\n<body>\n<main>\n" + body + "</main>\n</body>\n</html>\n";
}

std::string table(const Table& numbers) {
  std::string html = "<div class='scroll'><table class='numbers'><thead><tr>";
  for (const std::string& column : numbers.columns)
    html += "<th scope='col'>" + escaped(column) + "</th>";
  html += "</tr></thead><tbody>\n";
  for (const auto& row : numbers.rows) {
    html += "<tr>";
    for (const std::string& cell : row)
      html += "<td>" + (cell == "?" ? "–" : escaped(cell)) + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string folded(const std::string& summary, const std::string& content) {
  return "<details><summary>" + escaped(summary) + "</summary>\n" + content + "</details>\n";
}

std::string figure(const Picture& picture, const std::string& link) {
  std::string panels, tables;
  for (const Panel& panel : picture.panels) {
    const std::string caption = "<div class='caption'>" + escaped(panel.caption) + "</div>";
    if (!panel.svg.empty()) panels += "<div class='panel'>" + caption + panel.svg + "</div>\n";
    if (!panel.numbers.rows.empty()) tables += caption + table(panel.numbers);
  }
  std::string html = "<figure>\n<h4>" + escaped(picture.title) + "</h4>\n";
  if (!panels.empty()) {
    html += "<div class='key'>";
    for (const Key& key : picture.key)
      html += "<span><svg class='sample' viewBox='0 0 26 10' aria-hidden='true'>" + sample(key) +
              "</svg>" + escaped(key.text) + "</span>";
    html += "</div>\n<div class='panels' style='--columns:" + std::to_string(picture.columns) +
            "'>\n" + panels + "</div>\n<figcaption>" + escaped(picture.see) +
            (link.empty() ? "" : " <a href='" + escaped(link) + "'>How it was made</a>") +
            "</figcaption>\n";
  } else {
    html +=
        "<figcaption>This picture is drawn by gnuplot, which could not be run here; its "
        "numbers are below.</figcaption>\n";
  }
  if (!tables.empty()) html += folded("The numbers of this picture", tables);
  return html + "</figure>\n";
}

std::string picture_file(const Picture& picture) {
  constexpr int margin = 24, gap = 32, caption = 24;
  const int columns = std::min(picture.columns, static_cast<int>(picture.panels.size()));
  const int width = 2 * margin + columns * panel_width + (columns - 1) * gap;
  const auto text = [](int x, int y, const std::string& words, const std::string& more) {
    return "<text x='" + std::to_string(x) + "' y='" + std::to_string(y) + "' fill='var(--ink)' " +
           more + ">" + escaped(words) + "</text>\n";
  };
  const auto at = [](int x, int y) {
    return " x='" + std::to_string(x) + "' y='" + std::to_string(y) + "'";
  };
  int x = margin, y = margin + 16;
  std::string body = text(x, y, picture.title, "font-size='17' font-weight='600'");
  y += 26;
  for (const Key& key : picture.key) {
    const int wide = 58 + 7 * static_cast<int>(key.text.size());  // letters of 7 px, about
    if (x > margin && x + wide > width - margin) x = margin, y += 20;
    body += "<svg" + at(x, y - 9) + " width='26' height='10' fill='none'>" + sample(key) +
            "</svg>\n" + text(x + 34, y, key.text, "font-size='13' opacity='.75'");
    x += wide;
  }
  y += 14;
  for (std::size_t first = 0; first < picture.panels.size(); first += columns) {
    int tallest = 0;
    for (int column = 0; column < columns && first + column < picture.panels.size(); ++column) {
      const Panel& panel = picture.panels[first + column];
      x = margin + column * (panel_width + gap);
      body += text(x, y + 14, panel.caption, "font-size='14' font-weight='600'") + "<svg" +
              at(x, y + caption) + " width='" + std::to_string(panel_width) + "' height='" +
              std::to_string(panel.height) + "'" + panel.svg.substr(std::string("<svg").size());
      tallest = std::max(tallest, panel.height);
    }
    y += caption + tallest + gap / 2;
  }
  const std::string size = std::to_string(width) + " " + std::to_string(y);
  return "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 " + size + "' width='" +
         std::to_string(width) +
         "' font-family='system-ui, sans-serif' color='var(--ink)'>\n<style>" + page_colors +
         "</style>\n<rect width='100%' height='100%' rx='14' fill='var(--card)'/>\n" + body +
         "</svg>\n";
}

void write_page(const std::string& path, const std::string& page) {
  std::ofstream file(path, std::ios::binary);
  if (!(file << page << std::flush)) throw std::runtime_error(path + ": cannot be written");
}
}  // namespace temper::lab
