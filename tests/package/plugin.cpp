// A plug-in with one function, for C and for Python.
#include "model.h"

extern "C" [[gnu::visibility("default")]] float plugin_loss() { return learn_exclusive_or(); }
