#pragma once

#include <temper.h>

temper::Sequential make_model(temper::Rng& rng);
