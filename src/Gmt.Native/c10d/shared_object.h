#pragma once

#include <atomic>
#include <cstdint>
#include <new>
#include <utility>

#include "abi.h"

namespace gmt {

/* A c10::intrusive_ptr: owns a part of an object of libtorch, which counts its owners. Has the same layout, and is passed alike. */
class shared_object {
  public:
    shared_object() noexcept = default;
    shared_object(const shared_object &other) noexcept : target_(other.target_) {
        if (target_ != nullptr) {
            counts().fetch_add(abi::strong_one, std::memory_order_relaxed);
        }
    }
    shared_object(shared_object &&other) noexcept : target_(std::exchange(other.target_, nullptr)) {}
    shared_object &operator=(shared_object other) noexcept {
        std::swap(target_, other.target_);
        return *this;
    }
    ~shared_object() { give_up(); }

    /* Lets a constructor of libtorch make an object; the only owner is the result. */
    template <class Constructor, class... Arguments>
    static shared_object make(std::size_t size, Constructor construct, Arguments &&...arguments) {
        void *memory = ::operator new(size);
        try {
            construct(memory, std::forward<Arguments>(arguments)...);
        } catch (...) {
            ::operator delete(memory);
            throw;
        }

        shared_object made;
        made.target_ = memory;
        made.counts().store(abi::strong_one | abi::weak_one, std::memory_order_relaxed);
        return made;
    }

    void *get() const noexcept { return target_; }

  private:
    std::atomic<std::uint64_t> &counts() const noexcept {
        return *reinterpret_cast<std::atomic<std::uint64_t> *>(static_cast<char *>(target_) + abi::counts_offset);
    }

    void call(std::size_t slot) const noexcept {
        using function = void (*)(void *);
        (*static_cast<function **>(target_))[slot](target_);
    }

    void give_up() noexcept {
        if (target_ == nullptr) {
            return;
        }

        const std::uint64_t left = counts().fetch_sub(abi::strong_one, std::memory_order_acq_rel) - abi::strong_one;
        if (static_cast<std::uint32_t>(left) != 0) {
            return;
        }

        // All strong owners together count as one weak one.
        if (left != abi::weak_one) {
            call(abi::slot_of_release);
            if (counts().fetch_sub(abi::weak_one, std::memory_order_acq_rel) != abi::weak_one) {
                return;
            }
        }

        call(abi::slot_of_delete);
    }

    void *target_ = nullptr;
};
static_assert(sizeof(shared_object) == sizeof(void *));

}  // namespace gmt
