#pragma once

#include <temper.h>

temper::Sequential make_model(temper::Rng& rng);

// Trains a model on exclusive or and returns the last loss.
float learn_exclusive_or();
