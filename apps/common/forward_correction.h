// Forward correction: learning from labels whose noise is known.
#pragma once

#include <temper.h>

namespace temper {
// -log Σ_c p_c T[c][noisy], the negative log-likelihood of the noisy label, where p = softmax(z) is
// of the true class and row c of the transition matrix T [C, C] says how often class c is labelled
// as what (Patrini et al. 2017; T: see target_matrix.h). Logits z [n, C] -> [n] for none, else a
// scalar; with T = I it is cross-entropy. Infinite where no class with T > 0 has a probability.
// Throws ShapeError for labels that are no class and for rows of T that are no distribution.
Tensor forward_corrected_cross_entropy(Tensor logits, Labels noisy,
                                       std::span<const Real> transition,
                                       Reduction reduction = Reduction::mean);
}  // namespace temper
