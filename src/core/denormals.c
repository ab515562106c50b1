#include "core/denormals.h"

#if defined(__SSE2__)

#include <xmmintrin.h>

/* Intel 64 manual, volume 1, section 10.2.3: bit 15 flushes results, bit 6 operands. */
#define FLUSH_BITS 0x8040U
#define MODE "flushed"

static uint64_t read_control(void)
{
    return _mm_getcsr();
}

static void write_control(uint64_t control)
{
    _mm_setcsr((unsigned)control);
}

#elif defined(__aarch64__)

/* Arm architecture reference manual, FPCR: bit 24 flushes operands and results. */
#define FLUSH_BITS ((uint64_t)1 << 24)
#define MODE "flushed"

static uint64_t read_control(void)
{
    uint64_t control;

    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    return control;
}

static void write_control(uint64_t control)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(control));
}

#else

#define FLUSH_BITS 0
#define MODE "kept"

static uint64_t read_control(void)
{
    return 0;
}

static void write_control(uint64_t control)
{
    (void)control;
}

#endif

tml_denormals tml_denormals_flush(void)
{
    tml_denormals before = {read_control()};

    write_control(before.control | FLUSH_BITS);
    return before;
}

void tml_denormals_restore(tml_denormals before)
{
    write_control(before.control);
}

const char *tml_denormals_mode(void)
{
    return MODE;
}
