#include <cstddef>
#include <cstdint>

#include "check.h"

extern "C" {
void THSTorch_dispose_scalar(void *scalar);
std::size_t stub_freed(void);
void *stub_last(void);
}

// A scalar is freed when 65,536 others have been disposed after it, in the order of their disposal.
int main() {
    const std::uintptr_t waiting = 65536;
    for (std::uintptr_t i = 1; i <= waiting; i++) {
      THSTorch_dispose_scalar(reinterpret_cast<void *>(i));
    }

    CHECK(stub_freed() == 0);
    for (std::uintptr_t i = 1; i <= 3; i++) {
      THSTorch_dispose_scalar(reinterpret_cast<void *>(waiting + i));
      CHECK(stub_freed() == i);
      CHECK(stub_last() == reinterpret_cast<void *>(i));
    }

    return 0;
}
