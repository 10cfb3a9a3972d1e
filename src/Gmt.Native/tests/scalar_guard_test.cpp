#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>

#include "check.h"

extern "C" {
void THSTorch_dispose_scalar(void *scalar);
std::size_t stub_freed(void);
void *stub_last(void);
}

namespace {

void dispose(std::uintptr_t scalar) { THSTorch_dispose_scalar(reinterpret_cast<void *>(scalar)); }

}  // namespace

// A scalar is freed a second after its disposal, or when 65,536 others wait after it; in the order of disposal.
int main() {
    for (std::uintptr_t i = 1; i <= 3; i++) {
        dispose(i);
    }

    CHECK(stub_freed() == 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    dispose(4);
    CHECK(stub_freed() == 3);
    CHECK(stub_last() == reinterpret_cast<void *>(3));

    const std::uintptr_t capacity = 65536;
    for (std::uintptr_t i = 5; i < 4 + capacity; i++) {
        dispose(i);
    }

    // Full, and none of them a second old unless this machine is very slow.
    const std::size_t before = stub_freed();
    dispose(4 + capacity);
    CHECK(stub_freed() > before);
    return 0;
}
