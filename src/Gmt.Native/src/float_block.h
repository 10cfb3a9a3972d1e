#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace gmt {

/* Floats that begin at a cache line and hold nothing yet. */
class float_block {
  public:
    float_block() = default;
    explicit float_block(size_t count)
        : count_(count), floats_(static_cast<float *>(::operator new[](count * sizeof(float), std::align_val_t{alignment}))) {}

    float *data() noexcept { return floats_.get(); }
    const float *data() const noexcept { return floats_.get(); }
    size_t size() const noexcept { return count_; }

  private:
    static constexpr size_t alignment = 64;
    struct release {
        void operator()(float *floats) const noexcept { ::operator delete[](floats, std::align_val_t{alignment}); }
    };

    size_t count_ = 0;
    std::unique_ptr<float[], release> floats_;
};

}  // namespace gmt
