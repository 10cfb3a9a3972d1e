/* Stands for another libtorch, 2.9.1: all that libGmtC10d asks of it before it refuses it. */
#include <stdint.h>

__attribute__((visibility("default"))) uint64_t aoti_torch_abi_version(void);

uint64_t aoti_torch_abi_version(void) { return 0x0209010000000000; }
