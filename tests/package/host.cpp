// A program that knows nothing of temper and loads the plug-in.
#include <dlfcn.h>

#include <cstdio>

int main(int, char** arguments) {
  void* plugin = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  if (plugin == nullptr) return std::printf("%s\n", dlerror()), 1;
  const auto loss = reinterpret_cast<float (*)()>(dlsym(plugin, "plugin_loss"));
  std::printf("loss %g\n", static_cast<double>(loss()));
  return loss() < 0.05F ? 0 : 1;
}
