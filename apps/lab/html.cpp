#include "html.h"

#include <algorithm>

#include "summary.h"

namespace temper::lab {

extern const char* const page_style;

namespace {
const char* class_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::supported:
      return "supported";
    case Outcome::reversed:
      return "reversed";
    case Outcome::mixed:
      return "mixed";
    default:
      return "neither";
  }
}

const char* symbol_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::supported:
      return "✓";
    case Outcome::reversed:
      return "✕";
    case Outcome::mixed:
      return "◐";
    case Outcome::no_difference:
      return "≈";
    default:
      return "–";
  }
}

// The sample of a line or an area that a key has.
std::string sample(const Key& key) {
  const std::string color = "var(--s" + std::to_string(key.color % 9) + ")";
  const char* dashes[] = {"", "", "4 3", "1.5 2.5", "6 2 1.5 2", "8 3", "6 2 1.5 2 1.5 2", "3 2"};
  std::string shape = "<path d='M0 5h26' stroke='" + color +
                      "' stroke-width='2.2' stroke-dasharray='" +
                      dashes[std::clamp(key.dash, 0, 7)] + "'/>";
  if (key.area) shape = "<rect x='7' width='11' height='10' rx='2' fill='" + color + "'/>";
  return "<svg class='sample' viewBox='0 0 26 10' aria-hidden='true'>" + shape + "</svg>";
}
}  // namespace

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string page(const std::string& title, const std::string& body) {
  return "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
         "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
         "<meta name='color-scheme' content='light dark'>\n<title>" +
         escaped(title) + "</title>\n<style>\n" + page_style +
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

std::string figure(const Picture& picture) {
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
      html += "<span>" + sample(key) + escaped(key.text) + "</span>";
    html += "</div>\n<div class='panels' style='--columns:" + std::to_string(picture.columns) +
            "'>\n" + panels + "</div>\n<figcaption>" + escaped(picture.see) + "</figcaption>\n";
  } else {
    html +=
        "<figcaption>This picture is drawn by gnuplot, which could not be run here; its "
        "numbers are below.</figcaption>\n";
  }
  if (!tables.empty()) html += folded("The numbers of this picture", tables);
  return html + "</figure>\n";
}

std::string pill(Outcome outcome) {
  return std::string("<span class='pill ") + class_of(outcome) + "'><span aria-hidden='true'>" +
         symbol_of(outcome) + "</span> " + to_text(outcome) + "</span>";
}

std::string glyph(const Judgement& judgement, double reach) {
  const Comparison& effect = judgement.effect;
  if (effect.n == 0 || !(reach > 0)) return {};
  const auto at = [&](double value) { return fixed(60 + 54 * value / reach, 1); };
  std::string shape;
  if (effect.n > 1)
    shape = "<path d='M" + at(effect.low) + " 8H" + at(effect.high) +
            "' stroke='currentColor' stroke-width='4' stroke-linecap='round' opacity='.45'/>";
  return std::string("<svg class='glyph ") + class_of(judgement.outcome) +
         "' viewBox='0 0 120 16' aria-hidden='true'><path d='M2 8H118' stroke='var(--line)'/>"
         "<path d='M60 1V15' stroke='var(--s0)'/>" +
         shape + "<circle cx='" + at(effect.mean) + "' cy='8' r='3.2' fill='currentColor'/></svg>";
}
}  // namespace temper::lab
