# Which folder may include what: cmake -D SOURCE=<root of the sources> -P layering.cmake
# The same arrows are in src/cmake/layers.cmake for the linker; here they hold for headers without code, too.

# Folder: layers whose headers it may include.
set(everything "core network atmosphere spectra statistics training inference exploration bench report commands mpi io plots")
set(layers
  "src/core: core"
  "src/network: core network"
  "src/atmosphere: core atmosphere"
  "src/spectra: core spectra"
  "src/statistics: core statistics"
  "mpi: core mpi"
  "io: core spectra atmosphere mpi io"
  "plots: core io plots"
  "src/training: core network mpi io spectra statistics training"
  "src/inference: core network mpi io spectra statistics training inference"
  "src/exploration: core mpi io spectra statistics exploration"
  "src/bench: core network mpi io spectra training bench"
  "src/report: core spectra statistics io plots report"
  "src/commands: ${everything}"
  "src: ${everything}")

# Headers of a library: files that may include them. Both are regular expressions.
set(libraries
  "mpi[.]h: (mpi|io|src/training|src/inference|src/exploration|src/bench|src/commands)/.*"
  "(hdf5|hdf5_hl|H5[A-Za-z]*)[.]h: io/[^/]*([.]c|_private[.]h)"
  "(blis[^/]*/)?blis[.]h: src/network/gemm[.]c"
  "(plplot[^/]*/)?plplot.*: plots/[^/]*[.]c")

# Remember a problem. `include` is the text of the directive, from the end of the line before it.
function(tml_problem file content include text)
  string(FIND "${content}" "${include}" position)
  string(SUBSTRING "${content}" 0 ${position} before)
  string(REGEX MATCHALL "\n" ends "${before}\n")
  list(LENGTH ends line)
  set_property(GLOBAL APPEND_STRING PROPERTY problems "\n  ${file}:${line}: ${text}")
endfunction()

# Headers of libraries, in whatever brackets they stand. Sets is_library.
function(tml_check_library file content include header)
  set(is_library NO PARENT_SCOPE)
  foreach(rule IN LISTS libraries)
    string(REGEX REPLACE ": .*" "" headers "${rule}")
    string(REGEX REPLACE ".*: " "" users "${rule}")
    if(header MATCHES "^(${headers})$")
      set(is_library YES PARENT_SCOPE)
      if(NOT file MATCHES "^(${users})$")
        tml_problem("${file}" "${content}" "${include}" "<${header}> is only for ${users}")
      endif()
    endif()
  endforeach()
endfunction()

# Headers of our own.
function(tml_check_layer file content include header)
  get_filename_component(folder "${file}" DIRECTORY)
  set(allowed "")
  foreach(rule IN LISTS layers)
    if(rule MATCHES "^${folder}: (.*)")
      set(allowed "${CMAKE_MATCH_1}")
    endif()
  endforeach()
  string(REPLACE " " "|" allowed_regex "${allowed}")
  if(allowed STREQUAL "")
    set(text "the folder ${folder} is not in the table of tests/tools/layering.cmake")
  elseif(NOT header MATCHES "^[a-z]+/[^/]+$")
    set(text "\"${header}\" must be written as \"layer/name.h\"")
  elseif(NOT header MATCHES "^(${allowed_regex})/")
    set(text "\"${header}\" is against the layers: ${folder} may include ${allowed}")
  else()
    return()
  endif()
  tml_problem("${file}" "${content}" "${include}" "${text}")
endfunction()

set(files "")
foreach(folder IN ITEMS src mpi io plots)
  file(GLOB_RECURSE found RELATIVE "${SOURCE}" "${SOURCE}/${folder}/*.c" "${SOURCE}/${folder}/*.h")
  list(APPEND files ${found})
endforeach()
if(files STREQUAL "")
  message(FATAL_ERROR "no sources below SOURCE=${SOURCE}")
endif()

foreach(file IN LISTS files)
  file(READ "${SOURCE}/${file}" content)
  set(content "\n${content}")
  string(REGEX MATCHALL "\n[ \t]*#[ \t]*include[ \t]*[<\"][^>\"\n]*[>\"]" includes "${content}")
  foreach(include IN LISTS includes)
    string(REGEX REPLACE "^[^<\"]*[<\"](.*)[>\"]$" "\\1" header "${include}")
    tml_check_library("${file}" "${content}" "${include}" "${header}")
    if(include MATCHES "\"$" AND NOT is_library)
      tml_check_layer("${file}" "${content}" "${include}" "${header}")
    endif()
  endforeach()
endforeach()

get_property(problems GLOBAL PROPERTY problems)
if(problems)
  message(FATAL_ERROR "includes that are not allowed:${problems}")
endif()
