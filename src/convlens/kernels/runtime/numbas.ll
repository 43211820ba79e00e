; A region on one of Numba's pools, called as its `prange` calls it. Must not know any kernel.

declare void @numba_parallel_for(ptr, ptr, ptr, ptr, ptr, i64, i64, i64)
declare i32 @get_num_threads()

; The shares from the number that the pool moved its one array's pointer to, dimensions[0] of them.
define internal void @some(ptr %arrays, ptr %dimensions, ptr %steps, ptr %both) {
  %address = load ptr, ptr %arrays
  %first = ptrtoint ptr %address to i64
  %count = load i64, ptr %dimensions
  %share = load ptr, ptr %both
  %at = getelementptr { ptr, ptr }, ptr %both, i64 0, i32 1
  %held = load ptr, ptr %at
  br label %next
next:
  %k = phi i64 [ 0, %0 ], [ %k.next, %run ]
  %goes.on = icmp slt i64 %k, %count
  br i1 %goes.on, label %run, label %end
run:
  %t = add i64 %first, %k
  call void %share(i64 %t, ptr %held)
  %k.next = add i64 %k, 1
  br label %next
end:
  ret void
}

; share(t, held) for t = 0, ..., count - 1, on as many threads as were said for this one.
define void @region(ptr %share, ptr %held, i64 %count) {
  %both = alloca { ptr, ptr }
  %array = alloca ptr
  %dimension = alloca i64
  %step = alloca i64
  %own = call i32 @get_num_threads()
  %threads = zext i32 %own to i64
  %several = icmp sgt i64 %count, 1
  %many = icmp ugt i64 %threads, 1
  %divide = and i1 %several, %many
  br i1 %divide, label %together, label %alone
together: ; its array starts at address 0 and has steps of 1: a share's address is its number
  store ptr %share, ptr %both
  %at = getelementptr { ptr, ptr }, ptr %both, i64 0, i32 1
  store ptr %held, ptr %at
  store ptr null, ptr %array
  store i64 %count, ptr %dimension
  store i64 1, ptr %step
  call void @numba_parallel_for(ptr @some, ptr %array, ptr %dimension, ptr %step, ptr %both, i64 0, i64 1, i64 %threads)
  ret void
alone:
  %t = phi i64 [ 0, %0 ], [ %t.next, %run ]
  %goes.on = icmp slt i64 %t, %count
  br i1 %goes.on, label %run, label %end
run:
  call void %share(i64 %t, ptr %held)
  %t.next = add i64 %t, 1
  br label %alone
end:
  ret void
}
