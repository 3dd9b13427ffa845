#include "data.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <stdexcept>

namespace temper::lab {
Data load(const Run& run, Shape sample) {
  constexpr int held_out = 5000, quick = 10000;
  const Mnist all = load_mnist(find_mnist(run.dataset), sample);
  const int n = all.train.size() - held_out;
  return {subset(all.train, range(0, run.quick ? std::min(n, quick) : n)),
          subset(all.train, range(n, all.train.size())), all.test, digest(all)};
}

std::string digest(const Mnist& data) {
  std::vector<std::uint8_t> bytes;
  for (const Dataset* part : {&data.train, &data.test}) {
    bytes.insert(bytes.end(), part->bytes.begin(), part->bytes.end());
    bytes.insert(bytes.end(), part->labels.begin(), part->labels.end());
  }
  std::array<unsigned char, 32> sum;
  if (EVP_Digest(bytes.data(), bytes.size(), sum.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  std::string text;
  for (const unsigned char byte : sum) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", byte);
    text += digits;
  }
  return text;
}

std::vector<int> range(int begin, int end) {
  std::vector<int> places(static_cast<std::size_t>(end - begin));
  std::iota(places.begin(), places.end(), begin);
  return places;
}

Dataset select(const Dataset& data, const std::function<bool(int label)>& chosen) {
  std::vector<int> places;
  for (int i = 0; i < data.size(); ++i)
    if (chosen(data.labels[static_cast<std::size_t>(i)])) places.push_back(i);
  return subset(data, places);
}
}  // namespace temper::lab
