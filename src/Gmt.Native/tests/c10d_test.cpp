#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "check.h"
#include "gmt_c10d.h"

namespace {

void refuses_bad_arguments() {
    char message[200] = "";
    gmt_c10d_group *group = nullptr;
    CHECK(gmt_c10d_connect(nullptr, &group, message, sizeof message) == GMT_C10D_BAD_ARGUMENT);
    CHECK(std::strlen(message) > 0);
    gmt_c10d_options options{2, 2, "127.0.0.1", "file", nullptr, 0, -1, 1000, 1000};
    CHECK(gmt_c10d_connect(&options, &group, message, 5) == GMT_C10D_BAD_ARGUMENT);
    CHECK(std::string(message) == "a ra");
    options = {0, 1, "127.0.0.1", nullptr, "127.0.0.1", 80, -1, 1000, 1000};
    CHECK(gmt_c10d_connect(&options, &group, nullptr, 0) == GMT_C10D_BAD_ARGUMENT);
    CHECK(gmt_c10d_sum(nullptr, nullptr, 0, message, sizeof message) == GMT_C10D_BAD_ARGUMENT);
    CHECK(group == nullptr);
    gmt_c10d_free(nullptr);
}

void refuses_without_libtorch() {
    char message[200] = "";
    CHECK(gmt_c10d_check(message, sizeof message) == GMT_C10D_REFUSED);
    CHECK(std::strstr(message, "not in the process") != nullptr);
}

void refuses_another_libtorch(const char *file) {
    CHECK(dlopen(file, RTLD_NOW) != nullptr);
    char message[200] = "";
    CHECK(gmt_c10d_check(message, sizeof message) == GMT_C10D_REFUSED);
    CHECK(std::strstr(message, "libtorch is 2.9.1 here") != nullptr);
    gmt_c10d_options options{0, 1, "127.0.0.1", "file", nullptr, 0, -1, 1000, 1000};
    gmt_c10d_group *group = nullptr;
    CHECK(gmt_c10d_connect(&options, &group, message, sizeof message) == GMT_C10D_REFUSED);
}

void sums(int size) {
    char folder[] = "/tmp/gmt-c10d-XXXXXX";
    CHECK(mkdtemp(folder) != nullptr);
    const std::string file = std::string(folder) + "/store";
    std::vector<std::thread> ranks;
    for (int rank = 0; rank < size; rank++) {
        ranks.emplace_back([=, &file] {
            char message[300] = "";
            gmt_c10d_options options{rank, size, "127.0.0.1", file.c_str(), nullptr, 0, -1, 20000, 20000};
            gmt_c10d_group *group = nullptr;
            const auto status = gmt_c10d_connect(&options, &group, message, sizeof message);
            if (status != GMT_C10D_OK) {
                std::fprintf(stderr, "%s\n", message);
            }

            CHECK(status == GMT_C10D_OK);
            for (const int count : {1, 2, 1000, 100003}) {
                std::vector<float> values(static_cast<std::size_t>(count), static_cast<float>(rank + 1));
                CHECK(gmt_c10d_sum(group, values.data(), count, message, sizeof message) == GMT_C10D_OK);
                for (const float value : values) {
                    CHECK(value == static_cast<float>(size * (size + 1) / 2));
                }
            }

            gmt_c10d_free(group);
        });
    }

    for (std::thread &rank : ranks) {
        rank.join();
    }

    unlink(file.c_str());
    rmdir(folder);
}

void fails_without_the_others() {
    char message[300] = "", folder[] = "/tmp/gmt-c10d-XXXXXX";
    CHECK(mkdtemp(folder) != nullptr);
    const std::string file = std::string(folder) + "/store";
    gmt_c10d_options options{0, 2, "127.0.0.1", file.c_str(), nullptr, 0, -1, 1000, 1000};
    gmt_c10d_group *group = nullptr;
    CHECK(gmt_c10d_connect(&options, &group, message, sizeof message) == GMT_C10D_FAILED);
    CHECK(std::strlen(message) > 0 && std::strchr(message, '\n') == nullptr);
    CHECK(group == nullptr);
    unlink(file.c_str());
    rmdir(folder);
}

}  // namespace

// With GMT_LIBTORCH, a folder that has libtorch_cpu.so of the version that the library was written for, sums are made too. An argument is
// another libtorch, to be refused.
int main(int count, char **arguments) {
    refuses_bad_arguments();
    refuses_without_libtorch();
    if (count > 1) {
        refuses_another_libtorch(arguments[1]);
        return 0;
    }

    const char *folder = std::getenv("GMT_LIBTORCH");
    if (folder == nullptr) {
        std::puts("GMT_LIBTORCH is not set: no sums are made");
        return 0;
    }

    const std::string library = std::string(folder) + "/libtorch_cpu.so";
    CHECK(dlopen(library.c_str(), RTLD_NOW) != nullptr);
    CHECK(gmt_c10d_check(nullptr, 0) == GMT_C10D_OK);
    std::ostringstream said;
    std::streambuf *output = std::cout.rdbuf(said.rdbuf());
    for (const int size : {1, 2, 3}) {
        sums(size);
    }

    CHECK(std::cout.rdbuf(output) == said.rdbuf());
    CHECK(said.str().empty());

    fails_without_the_others();
    return 0;
}
