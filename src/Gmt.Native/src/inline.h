#pragma once

/*
 * Functions and members that become part of whatever calls them. Files of loops are compiled for different processors, so none of their
 * functions may reach another file through the linker.
 */
#if defined(_MSC_VER)
#define GMT_INLINE static __forceinline
#define GMT_MEMBER __forceinline
#else
#define GMT_INLINE static inline __attribute__((always_inline))
#define GMT_MEMBER inline __attribute__((always_inline))
#endif
