/*
 * A library of its own (libGmtMkl.so). Loaded with RTLD_GLOBAL before libtorch, it answers MKL's question whether this is an Intel
 * processor with yes, and MKL picks the kernels by the instruction sets that the processor really has instead of its slowest common ones.
 * Only for processors with AVX2, which the caller checks.
 */
__attribute__((visibility("default"))) int mkl_serv_intel_cpu_true(void) { return 1; }

__attribute__((visibility("default"))) int mkl_serv_intel_cpu(void) { return 1; }
