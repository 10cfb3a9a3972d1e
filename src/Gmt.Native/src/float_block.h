#pragma once

#include <cstddef>
#include <memory>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace gmt {

/*
 * Floats that begin at a cache line and hold nothing yet. A large block asks for large pages: rows are read from all over it, and a
 * processor remembers the places of few pages.
 */
class float_block {
  public:
    float_block() = default;
    explicit float_block(size_t count) : count_(count) {
        const size_t bytes = count * sizeof(float), alignment = bytes < large ? cache_line : large_page;
        const size_t whole = (bytes + alignment - 1) / alignment * alignment;
        floats_ = std::unique_ptr<float[], release>(static_cast<float *>(::operator new[](whole, std::align_val_t{alignment})),
                                                    release{alignment});
#if defined(__linux__)
        if (alignment == large_page) {
            madvise(floats_.get(), whole, MADV_HUGEPAGE);  // advice: where it is not taken, pages are small
        }
#endif
    }

    float *data() noexcept { return floats_.get(); }
    const float *data() const noexcept { return floats_.get(); }
    size_t size() const noexcept { return count_; }

  private:
    static constexpr size_t cache_line = 64, large = 256 << 10, large_page = 2 << 20;
    struct release {
        size_t alignment;
        void operator()(float *floats) const noexcept { ::operator delete[](floats, std::align_val_t{alignment}); }
    };

    size_t count_ = 0;
    std::unique_ptr<float[], release> floats_{nullptr, release{cache_line}};
};

}  // namespace gmt
