#include "page.h"

#include <fstream>
#include <stdexcept>

namespace temper::lab {
std::string report_page(const std::vector<Result>&, const std::vector<Study>&,
                        const std::vector<Claim>&) {
  return {};
}
std::string demo_page(const std::string&, const std::string&, const DemoModel&, const DemoModel&) {
  return {};
}
void write_page(const std::string& path, const std::string& page) {
  std::ofstream file(path, std::ios::binary);
  if (!(file << page << std::flush)) throw std::runtime_error(path + ": cannot be written");
}
}  // namespace temper::lab
