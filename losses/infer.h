// How a model is run over a data set to see what it says: the loop of evaluate() and predict().
#pragma once

#include <algorithm>
#include <cstddef>

#include "../core/ops.h"
#include "../core/parameter.h"
#include "../core/tape.h"
#include "cross_entropy.h"

namespace temper {
// Calls f(model.forward(inputs), labels) for the batches of a loader (their .inputs and .labels),
// inferring, in order. Of a large batch only 128 rows at a time are on the tape, so that images
// need little memory. Throws ShapeError, beginning with the name of the caller, for batches without
// a label for each sample, and for a layer whose forward() uses more parameters than it lists.
template <class Model, class Loader, class F>
void infer(const char* caller, Model& model, Loader&& loader, F f) {
  Tape tape(Tape::Mode::infer);
  bool is_first = true;
  for (const auto& batch : loader) {
    const Labels all(batch.labels);
    const auto samples = static_cast<std::size_t>(batch.inputs.shape[0]);
    require(!all.empty() || samples == 0, caller, ": the loader's batches have no labels");
    require(all.size() == samples, caller, ": a batch has ", samples, " samples but ", all.size(),
            " labels");
    constexpr std::size_t most = 128;
    for (std::size_t first = 0; first < samples; first += most) {
      const Labels labels = all.subspan(first, std::min(most, samples - first));
      const auto begin = static_cast<int>(first), n = static_cast<int>(labels.size());
      tape.clear();
      f(model.forward(rows(tape.input(batch.inputs), begin, begin + n)), labels);
      if constexpr (requires { model.parameters(); })
        if (is_first) check_listed(caller, tape, model.parameters());
      is_first = false;
    }
  }
}
}  // namespace temper
