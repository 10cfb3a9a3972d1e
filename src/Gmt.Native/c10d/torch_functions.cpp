#include "torch_functions.h"

#include <dlfcn.h>

namespace gmt {

namespace {

void *symbol(void *library, const char *name) {
    void *found = dlsym(library, name);
    return found != nullptr ? found : throw refused(std::string("libtorch lacks ") + name + ", which 2.10.0 has");
}

template <class Function>
void find(void *library, const char *name, Function &function) {
    function = reinterpret_cast<Function>(symbol(library, name));
}

std::string in_words(std::uint64_t version) {
    return std::to_string(version >> 56) + "." + std::to_string((version >> 48) & 255) + "." + std::to_string((version >> 40) & 255);
}

torch_functions look_up() {
    // The library that is there, whatever its folder: its handle is kept, as libtorch never leaves a process.
    void *library = dlopen(abi::library, RTLD_NOW | RTLD_NOLOAD);
    if (library == nullptr) {
        throw refused(std::string(abi::library) + " is not in the process");
    }

    std::uint64_t (*version)() = nullptr;
    find(library, abi::version_name, version);
    if (version() != abi::torch_version) {
        throw refused("libtorch is " + in_words(version()) + " here, and its collective can be used of " + in_words(abi::torch_version) +
                      " alone");
    }

    torch_functions found{};
    find(library, abi::wrap_name, found.wrap);
    find(library, abi::unwrap_name, found.unwrap);
    found.reduce_table = symbol(library, abi::reduce_table_name);
    find(library, abi::tcp_store_name, found.make_tcp_store);
    find(library, abi::file_store_name, found.make_file_store);
    find(library, abi::gloo_options_name, found.make_options);
    find(library, abi::gloo_device_name, found.make_device);
    find(library, abi::gloo_group_name, found.make_group);
    find(library, abi::gloo_allreduce_name, found.allreduce);
    find(library, abi::wait_name, found.wait);
    return found;
}

}  // namespace

const torch_functions &torch_functions::get() {
    static const torch_functions found = look_up();  // tried again where it threw
    return found;
}

}  // namespace gmt
