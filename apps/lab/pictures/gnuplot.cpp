#include "gnuplot.h"

#include <stdio.h>

#include <array>
#include <memory>

#if defined(__GNUC__) && !defined(__clang__)  // GCC 12 warns of its own header under sanitizers
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <regex>

#include "text.h"

namespace temper::lab {
namespace {
constexpr const char* settings = R"(
set encoding utf8
set for [i=1:9] linetype i lw 2 dt 1 lc rgb sprintf("#0000%02x", i)
set linetype cycle 9
set border 3 lc 9 lw 1
set tics nomirror scale 0.4
set grid y lw 0.3 dt 1 lc 9
set style fill transparent solid 0.2 noborder
unset key
)";

std::string output_of_gnuplot(const std::string& script) {
  // a file that has no name: it is gone when closed, whatever happens
  const std::unique_ptr<FILE, int (*)(FILE*)> file(tmpfile(), fclose);
  if (!file || fputs(script.c_str(), file.get()) < 0 || fflush(file.get()) != 0) return {};
  const std::string from = "/dev/fd/" + std::to_string(fileno(file.get()));
  FILE* pipe = popen(("exec 2>/dev/null; exec gnuplot -d <" + from).c_str(), "r");
  if (pipe == nullptr) return {};
  std::string output;
  std::array<char, 4096> part;
  while (const std::size_t size = fread(part.data(), 1, part.size(), pipe))
    output.append(part.data(), size);
  return pclose(pipe) == 0 ? output : std::string();
}
}  // namespace

std::string draw(const std::string& script, int width, int height, const std::string& title,
                 const std::string& description) {
  const std::string size = std::to_string(width) + "," + std::to_string(height);
  std::string svg =
      output_of_gnuplot("set terminal svg noenhanced font ',12' size " + size + settings + script);
  const std::size_t begin = svg.find("<g id=\"gnuplot_canvas\">"), end = svg.rfind("</svg>");
  if (begin == std::string::npos || end == std::string::npos) return {};
  svg = svg.substr(begin, end - begin);
  // symbols of points: those that are used become circles below
  if (const std::size_t symbols = svg.find("<defs>"); symbols != std::string::npos)
    svg.erase(symbols, svg.find("</defs>", symbols) + 7 - symbols);
  // names of the terminal's symbols, identifiers and fonts would clash with the rest of the page
  const std::pair<const char*, const char*> changes[] = {
      {R"(<use xlink:href='#gpPt\d+' transform='translate\(([^,]*),([^)]*)\) scale\(([^)]*)\)' )"
       R"(color='([^']*)'/>)",
       "<circle cx='$1' cy='$2' r='$3' fill='$4' stroke='none'/>"},
      {R"(<g id="[^"]*"\s*>(<title>[^<]*</title>)?)", "<g>"},
      {R"(<rect x="0" y="0" [^>]* fill="none"/>)", ""},
      {R"( (font-family|color|stroke-linecap|stroke-linejoin)="[^"]*")", ""},
      {R"(rgb\(\s*0,\s*0,\s*([1-8])\))", "var(--s$1)"},
      {R"(rgb\(\s*0,\s*0,\s*9\))", "var(--s0)"},
      {R"(rgb\(\s*0,\s*0,\s*0\))", "currentColor"},
      {R"((stroke|fill)\s*=\s*(["'])black["'])", "$1=$2currentColor$2"},
      {R"(<tspan\s*>([^<]*)</tspan>)", "$1"},
      {R"(<g[^>]*>\s*</g>)", ""},
      {R"(\s*\n\s*)", "\n"},
  };
  for (const auto& [pattern, replacement] : changes)
    svg = std::regex_replace(svg, std::regex(pattern), replacement);
  return "<svg viewBox=\"0 0 " + std::to_string(width) + " " + std::to_string(height) +
         "\" role=\"img\"><title>" + escaped(title) + "</title><desc>" + escaped(description) +
         "</desc>" + svg + "</svg>\n";
}
}  // namespace temper::lab
