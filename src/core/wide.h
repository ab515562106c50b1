#ifndef TML_CORE_WIDE_H
#define TML_CORE_WIDE_H

/** @file core/wide.h
 * TML_WIDE before a function: compiled twice, for the vector registers that every processor has and for those
 * of AVX2, and chosen when the program starts. Multiplications and additions are never contracted (ISO C
 * mode), so both give the same bits. */

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define TML_WIDE __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define TML_WIDE
#endif

#endif
