# Every library that the product stands on, each as one imported or interface target.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS C)
find_package(MPI REQUIRED COMPONENTS C)

function(tml_find_pkg target)
  pkg_check_modules(${target} REQUIRED IMPORTED_TARGET ${ARGN})
  add_library(tml_dep_${target} INTERFACE)
  target_link_libraries(tml_dep_${target} INTERFACE PkgConfig::${target})
endfunction()

set(TML_HDF5_PC hdf5-openmpi CACHE STRING "pkg-config name of the parallel HDF5")
tml_find_pkg(hdf5 ${TML_HDF5_PC})
tml_find_pkg(plplot plplot)
tml_find_pkg(gsl gsl)
tml_find_pkg(cfitsio cfitsio)
tml_find_pkg(yaml yaml-0.1)
tml_find_pkg(cjson libcjson)
tml_find_pkg(xxhash libxxhash)
tml_find_pkg(zlib zlib)
tml_find_pkg(hwloc hwloc)

# The dimension scales live in HDF5's high-level library, for which Debian ships no pkg-config file.
find_library(TML_HDF5_HL NAMES hdf5_openmpi_hl hdf5_hl HINTS ${hdf5_LIBRARY_DIRS} REQUIRED)
target_link_libraries(tml_dep_hdf5 INTERFACE ${TML_HDF5_HL})

find_package(BZip2 REQUIRED)

# BLIS has no pkg-config file either. Debian selects libblis.so.4 by update-alternatives, so the run path
# is fixed to the variant that was linked: an administrator's choice must not change the numbers.
find_path(TML_BLIS_INCLUDE blis.h PATH_SUFFIXES blis-openmp blis REQUIRED)
find_library(TML_BLIS_LIBRARY blis PATH_SUFFIXES blis-openmp REQUIRED)
get_filename_component(TML_BLIS_DIR "${TML_BLIS_LIBRARY}" DIRECTORY)
add_library(tml_dep_blis INTERFACE)
target_include_directories(tml_dep_blis SYSTEM INTERFACE ${TML_BLIS_INCLUDE})
target_link_libraries(tml_dep_blis INTERFACE ${TML_BLIS_LIBRARY})
list(APPEND CMAKE_BUILD_RPATH "${TML_BLIS_DIR}")
list(APPEND CMAKE_INSTALL_RPATH "${TML_BLIS_DIR}")

find_path(TML_RANDOM123_INCLUDE Random123/philox.h REQUIRED)
add_library(tml_dep_random123 INTERFACE)
target_include_directories(tml_dep_random123 SYSTEM INTERFACE ${TML_RANDOM123_INCLUDE})

find_library(TML_MATH_LIBRARY m REQUIRED)
