# The architecture: one library per folder, and for each the layers and libraries that it may see.
# An arrow that is missing here does not link; the test `layering` checks the includes.
function(tml_add_layer name folder)
  cmake_parse_arguments(arg "" "" "USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*.c")
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}" "${CMAKE_SOURCE_DIR}/src")
  target_link_libraries(${name} PUBLIC ${arg_USES} PRIVATE tml_warnings)
endfunction()

tml_add_layer(tml_core src/core USES ${TML_MATH_LIBRARY} Threads::Threads)
target_sources(tml_core PRIVATE "${TML_BUILD_INFO_SOURCE}")
add_dependencies(tml_core tml_build_info_source)
target_link_libraries(tml_core PRIVATE tml_dep_yaml tml_dep_xxhash tml_dep_random123)

tml_add_layer(tml_statistics src/statistics USES tml_core)
target_link_libraries(tml_statistics PRIVATE tml_dep_gsl)
tml_add_layer(tml_spectra src/spectra USES tml_core)
target_link_libraries(tml_spectra PRIVATE tml_dep_gsl)
tml_add_layer(tml_atmosphere src/atmosphere USES tml_core)
target_link_libraries(tml_atmosphere PRIVATE tml_dep_gsl)

# The network is compiled twice: in float for use, in double for the gradient checks.
tml_add_layer(tml_network src/network USES tml_core)
target_link_libraries(tml_network PRIVATE tml_dep_blis)
tml_add_layer(tml_network_double src/network USES tml_core)
target_link_libraries(tml_network_double PRIVATE tml_dep_blis)
target_compile_definitions(tml_network_double PUBLIC TML_REAL_IS_DOUBLE=1)
set_target_properties(tml_network_double PROPERTIES EXCLUDE_FROM_ALL ON)

tml_add_layer(tml_mpi mpi USES tml_core MPI::MPI_C)
tml_add_layer(tml_io io USES tml_core tml_mpi tml_spectra tml_atmosphere)
target_link_libraries(tml_io PRIVATE tml_dep_hdf5 tml_dep_cfitsio tml_dep_xxhash tml_dep_yaml tml_dep_zlib BZip2::BZip2
                      PUBLIC tml_dep_cjson)
# Tables that come with the program: beside it where it is installed, else in the sources.
file(RELATIVE_PATH TML_SHARE_FROM_PROGRAM "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_DATADIR}/telescopeml")
set_source_files_properties("${CMAKE_SOURCE_DIR}/io/opacity_file_find.c" PROPERTIES COMPILE_DEFINITIONS
  "TML_SHARE_FROM_PROGRAM=\"${TML_SHARE_FROM_PROGRAM}\";TML_SHIPPED_IN_SOURCES=\"${CMAKE_SOURCE_DIR}/src/shipped\"")
tml_add_layer(tml_plots plots USES tml_core tml_io)
target_link_libraries(tml_plots PRIVATE tml_dep_plplot)
tml_add_layer(tml_training src/training USES tml_core tml_network tml_mpi tml_io tml_spectra tml_statistics)
target_link_libraries(tml_training PRIVATE OpenMP::OpenMP_C)
tml_add_layer(tml_inference src/inference
              USES tml_core tml_network tml_mpi tml_io tml_spectra tml_statistics tml_training)
target_link_libraries(tml_inference PRIVATE OpenMP::OpenMP_C)
tml_add_layer(tml_exploration src/exploration USES tml_core tml_mpi tml_io tml_spectra tml_statistics)
target_link_libraries(tml_exploration PRIVATE OpenMP::OpenMP_C)
tml_add_layer(tml_bench src/bench USES tml_core tml_network tml_mpi tml_io tml_spectra tml_training)
target_link_libraries(tml_bench PRIVATE OpenMP::OpenMP_C)
tml_add_layer(tml_report src/report USES tml_core tml_io tml_plots tml_spectra tml_statistics)
tml_add_layer(tml_commands src/commands
              USES tml_training tml_inference tml_exploration tml_bench tml_report tml_plots tml_io tml_atmosphere tml_spectra)
target_link_libraries(tml_commands PRIVATE tml_dep_gsl tml_dep_hwloc)

add_executable(telescopeml src/telescopeml.c)
target_link_libraries(telescopeml PRIVATE tml_commands tml_warnings)
