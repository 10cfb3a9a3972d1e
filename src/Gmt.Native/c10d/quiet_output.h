#pragma once

#include <iostream>
#include <mutex>

namespace gmt {

/* While one lives, std::cout says nothing: Gloo writes there how many ranks it has met, and a program's output is not its own. */
class quiet_output {
  public:
    quiet_output() {
        const std::lock_guard lock(gate());
        if (count()++ == 0) {
            buffer() = std::cout.rdbuf(nullptr);
        }
    }
    quiet_output(const quiet_output &) = delete;
    quiet_output &operator=(const quiet_output &) = delete;
    ~quiet_output() {
        const std::lock_guard lock(gate());
        if (--count() == 0) {
            std::cout.rdbuf(buffer());  // clears the failures of those who wrote
        }
    }

  private:
    static std::mutex &gate() {
        static std::mutex gate;
        return gate;
    }
    static int &count() {
        static int count = 0;
        return count;
    }
    static std::streambuf *&buffer() {
        static std::streambuf *buffer = nullptr;
        return buffer;
    }
};

}  // namespace gmt
