# The sources look as clang-format 14 writes them: cmake -D SOURCE=<root of the sources> -P format.cmake
# Another version writes them differently, so that it cannot judge.
set(tool "")
foreach(name IN ITEMS clang-format-14 clang-format)
  find_program(TML_${name} ${name})
  if(TML_${name} AND tool STREQUAL "")
    execute_process(COMMAND "${TML_${name}}" --version OUTPUT_VARIABLE version)
    if(version MATCHES "version 14[.]")
      set(tool "${TML_${name}}")
    endif()
  endif()
endforeach()
if(tool STREQUAL "")
  message(STATUS "skipped: clang-format 14 is not installed")
  return()
endif()

set(files "")
foreach(folder IN ITEMS src mpi io plots tests)
  file(GLOB_RECURSE found RELATIVE "${SOURCE}" "${SOURCE}/${folder}/*.c" "${SOURCE}/${folder}/*.h")
  list(APPEND files ${found})
endforeach()
if(files STREQUAL "")
  message(FATAL_ERROR "no sources below SOURCE=${SOURCE}")
endif()

execute_process(COMMAND "${tool}" --style=file --dry-run -Werror ${files}
                WORKING_DIRECTORY "${SOURCE}" RESULT_VARIABLE result ERROR_VARIABLE messages)
if(NOT result EQUAL 0)
  string(REPLACE "\n" "\n  " messages "\n${messages}") # an indented text is not folded
  message(FATAL_ERROR "not formatted; cure: ${tool} -i FILE${messages}")
endif()
