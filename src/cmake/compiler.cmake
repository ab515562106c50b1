# One interface target carries the language level, the warnings and the sanitizers of every layer.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")

add_library(tml_warnings INTERFACE)
target_compile_options(tml_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes
  -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wvla -Wdouble-promotion -Wformat=2 -Wundef)
# POSIX.1-2008 for files, processes and clocks; everything else is ISO C11.
target_compile_definitions(tml_warnings INTERFACE _POSIX_C_SOURCE=200809L _FILE_OFFSET_BITS=64)
# Contracted multiply-adds stay as the compiler chose them, but nothing reorders a sum: no -ffast-math.
target_compile_options(tml_warnings INTERFACE -fno-math-errno -fno-trapping-math)
if(TML_WERROR)
  target_compile_options(tml_warnings INTERFACE -Werror)
endif()
if(TML_FAULTS)
  target_compile_definitions(tml_warnings INTERFACE TML_FAULTS)
endif()
if(TML_SANITIZE)
  target_compile_options(tml_warnings INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer
                         -fno-sanitize-recover=all)
  target_link_options(tml_warnings INTERFACE -fsanitize=address,undefined)
endif()
