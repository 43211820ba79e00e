; A pool of threads: who runs which shares, and how one waits for the others. Must not know any kernel.
;
; A region is the shares 0, ..., count - 1 of a piece of work. One thread at a time has the pool for a region and
; is its number 0; workers are 1, 2, ..., and sleep where there is nothing to do.
;
; head      the region: its epoch (40 bits), threads (12), shares (12). A new head starts a region.
; done      how many shares were ever done; goal: what it will be at the region's end.
; busy      1 while a thread has the pool. Whoever finds it so does its shares alone, and waits for nobody.
; range     of each thread: the epoch (40 bits), and the first (12) and the end (12) of its shares not yet begun.
;
; Thread i begins with the i-th part of the shares, the same in every region, so that what it wrote is in its own
; cache when the next kernel reads it. Then it takes from the ends of others' ranges: nobody waits for a share
; that was not begun, whoever was late, is missing, or shares its processor with another process.
;
; A range whose epoch is not the region's has not been touched in it, and all of it is there. To take a share is
; to replace a range, which fails if anybody else did; while a share that was taken is not done, its region does
; not end. So a thread that slept for long, and still believes in an old region, takes nothing.
;
; Who waits spins for a while, then sleeps until it is woken. It says that it sleeps before it looks for the last
; time, and who changes a word looks for sleepers afterwards, so one of the two sees the other: both in the one
; order that all threads see (seq_cst).
;
; A worker on the processor of the thread that has the region would spin in its way, so it sleeps at once there.
;
; Python adds the constants @key, @available, @spin and @clock, the array @slots, @pause and @processor
; (`workers.py`, `assembly.py`).

%slot = type { i64, [120 x i8], i64, [120 x i8], [128 x i8], [128 x i8] }
;              range            asleep           mutex       condition
; 128 bytes are what cores pass to each other at once; words that different threads write are as far apart.

@head = global { i64, ptr, ptr, i64, i64, i64, [80 x i8] } zeroinitializer, align 128
;                head share held first goal processor
@done = global [16 x i64] zeroinitializer, align 128
@busy = global [16 x i64] zeroinitializer, align 128

declare ptr @pthread_getspecific(i64)
declare i32 @pthread_mutex_lock(ptr)
declare i32 @pthread_mutex_unlock(ptr)
declare i32 @pthread_cond_wait(ptr, ptr)
declare i32 @pthread_cond_signal(ptr)
declare i32 @clock_gettime(i32, ptr)

; How many threads a region has.
define internal i64 @threads_of(i64 %head) {
  %shifted = lshr i64 %head, 12
  %threads = and i64 %shifted, 4095
  ret i64 %threads
}

; How long to spin, in nanoseconds: not at all where threads wait for each other's processors.
define internal i64 @spinning(i64 %threads) {
  %spin = load i64, ptr @spin
  %available = load i64, ptr @available
  %room = icmp ule i64 %threads, %available
  %time = select i1 %room, i64 %spin, i64 0
  ret i64 %time
}

; The nanoseconds of a clock that only goes forward.
define internal i64 @now() {
  %time = alloca { i64, i64 }
  %id = load i32, ptr @clock
  call i32 @clock_gettime(i32 %id, ptr %time)
  %seconds = load i64, ptr %time
  %at = getelementptr { i64, i64 }, ptr %time, i64 0, i32 1
  %rest = load i64, ptr %at
  %scaled = mul i64 %seconds, 1000000000
  %sum = add i64 %scaled, %rest
  ret i64 %sum
}

; Wake a thread if it sleeps.
define internal void @wake(i64 %thread) {
  %own = getelementptr %slot, ptr @slots, i64 %thread
  %flag = getelementptr %slot, ptr %own, i64 0, i32 2
  %asleep = load atomic i64, ptr %flag seq_cst, align 8
  %sleeps = icmp ne i64 %asleep, 0
  br i1 %sleeps, label %ring, label %end
ring:
  %mutex = getelementptr %slot, ptr %own, i64 0, i32 4
  %condition = getelementptr %slot, ptr %own, i64 0, i32 5
  call i32 @pthread_mutex_lock(ptr %mutex)
  call i32 @pthread_cond_signal(ptr %condition)
  call i32 @pthread_mutex_unlock(ptr %mutex)
  br label %end
end:
  ret void
}

; Until a word is no longer what was seen; after so many nanoseconds of looking asleep.
define internal void @wait(i64 %me, ptr %at, i64 %seen, i64 %spin) {
  %own = getelementptr %slot, ptr @slots, i64 %me
  %flag = getelementptr %slot, ptr %own, i64 0, i32 2
  %mutex = getelementptr %slot, ptr %own, i64 0, i32 4
  %condition = getelementptr %slot, ptr %own, i64 0, i32 5
  %spins = icmp sgt i64 %spin, 0
  br i1 %spins, label %start, label %sleep
start:
  %begin = call i64 @now()
  %limit = add i64 %begin, %spin
  br label %looks
looks:
  br label %look
look:
  %n = phi i64 [ 0, %looks ], [ %n.next, %pausing ]
  %word = load atomic i64, ptr %at seq_cst, align 8
  %same = icmp eq i64 %word, %seen
  br i1 %same, label %pausing, label %end
pausing:
  call void @pause()
  %n.next = add i64 %n, 1
  %again = icmp ult i64 %n.next, 16
  br i1 %again, label %look, label %time
time:
  %time.now = call i64 @now()
  %early = icmp slt i64 %time.now, %limit
  br i1 %early, label %looks, label %sleep
sleep:
  call i32 @pthread_mutex_lock(ptr %mutex)
  store atomic i64 1, ptr %flag seq_cst, align 8
  br label %check
check:
  %last = load atomic i64, ptr %at seq_cst, align 8
  %still = icmp eq i64 %last, %seen
  br i1 %still, label %lie, label %rise
lie:
  call i32 @pthread_cond_wait(ptr %condition, ptr %mutex)
  br label %check
rise:
  store atomic i64 0, ptr %flag seq_cst, align 8
  call i32 @pthread_mutex_unlock(ptr %mutex)
  br label %end
end:
  ret void
}

; Take a share of a thread's range, the first of one's own, the last of another's; -1: none is left.
define internal i64 @claimed(i64 %head, i64 %thread, i1 %own) {
  %at = getelementptr %slot, ptr @slots, i64 %thread
  %epoch = and i64 %head, -16777216 ; without the lower 24 bits
  %threads = call i64 @threads_of(i64 %head)
  %count = and i64 %head, 4095
  br label %look
look:
  %range = load atomic i64, ptr %at seq_cst, align 8
  %of = and i64 %range, -16777216
  %touched = icmp eq i64 %of, %epoch
  br i1 %touched, label %begun, label %untouched
begun:
  %shifted = lshr i64 %range, 12
  %first.begun = and i64 %shifted, 4095
  %end.begun = and i64 %range, 4095
  br label %any
untouched:
  %current = load atomic i64, ptr @head seq_cst, align 8
  %goes.on = icmp eq i64 %current, %head
  br i1 %goes.on, label %whole, label %none ; over: this range may be a later region's
whole:
  %first.scaled = mul i64 %count, %thread
  %end.scaled = add i64 %first.scaled, %count
  %first.whole = udiv i64 %first.scaled, %threads
  %end.whole = udiv i64 %end.scaled, %threads
  br label %any
any:
  %first = phi i64 [ %first.begun, %begun ], [ %first.whole, %whole ]
  %end = phi i64 [ %end.begun, %begun ], [ %end.whole, %whole ]
  %some = icmp ult i64 %first, %end
  br i1 %some, label %take, label %none
take:
  %last = sub i64 %end, 1
  %second = add i64 %first, 1
  %t = select i1 %own, i64 %first, i64 %last
  %first.left = select i1 %own, i64 %second, i64 %first
  %end.left = select i1 %own, i64 %end, i64 %last
  %first.placed = shl i64 %first.left, 12
  %left = or i64 %first.placed, %end.left
  %new = or i64 %epoch, %left
  %swap = cmpxchg ptr %at, i64 %range, i64 %new seq_cst seq_cst
  %mine = extractvalue { i64, i1 } %swap, 1
  br i1 %mine, label %taken, label %look
taken:
  ret i64 %t
none:
  ret i64 -1
}

; Do one's own shares, then what others have not begun, until nothing is left.
define internal void @work(i64 %head, i64 %me) {
  %threads = call i64 @threads_of(i64 %head)
  br label %ranges
ranges:
  %k = phi i64 [ 0, %0 ], [ %k.next, %next ]
  %sum = add i64 %me, %k
  %beyond = icmp uge i64 %sum, %threads
  %around = sub i64 %sum, %threads
  %whose = select i1 %beyond, i64 %around, i64 %sum
  %own = icmp eq i64 %k, 0
  br label %shares
shares:
  %n = phi i64 [ 0, %ranges ], [ %n.next, %run ]
  %goal = phi i64 [ 0, %ranges ], [ %goal.now, %run ]
  %t = call i64 @claimed(i64 %head, i64 %whose, i1 %own)
  %none = icmp slt i64 %t, 0
  br i1 %none, label %count, label %run
run: ; what stands beside the head stays while a share that was taken is not done
  %share = load ptr, ptr getelementptr ({ i64, ptr, ptr, i64, i64 }, ptr @head, i64 0, i32 1)
  %held = load ptr, ptr getelementptr ({ i64, ptr, ptr, i64, i64 }, ptr @head, i64 0, i32 2)
  %first = load i64, ptr getelementptr ({ i64, ptr, ptr, i64, i64 }, ptr @head, i64 0, i32 3)
  %goal.now = load i64, ptr getelementptr ({ i64, ptr, ptr, i64, i64 }, ptr @head, i64 0, i32 4)
  %number = add i64 %first, %t
  call void %share(i64 %number, ptr %held)
  %n.next = add i64 %n, 1
  br label %shares
count:
  %some = icmp ugt i64 %n, 0
  br i1 %some, label %tell, label %next
tell:
  %before = atomicrmw add ptr @done, i64 %n seq_cst
  %total = add i64 %before, %n
  %all = icmp eq i64 %total, %goal
  br i1 %all, label %over, label %next
over:
  call void @wake(i64 0)
  ret void
next:
  %k.next = add i64 %k, 1
  %more = icmp ult i64 %k.next, %threads
  br i1 %more, label %ranges, label %end
end:
  ret void
}

; Run a region on several threads, with the pool to oneself.
define internal void @together(ptr %share, ptr %held, i64 %first, i64 %count, i64 %asked) {
  %few = icmp ult i64 %count, %asked
  %threads = select i1 %few, i64 %count, i64 %asked
  %before = load atomic i64, ptr @done seq_cst, align 8
  %goal = add i64 %before, %count
  store ptr %share, ptr getelementptr ({ i64, ptr, ptr, i64, i64 }, ptr @head, i64 0, i32 1)
  store ptr %held, ptr getelementptr ({ i64, ptr, ptr, i64, i64 }, ptr @head, i64 0, i32 2)
  store i64 %first, ptr getelementptr ({ i64, ptr, ptr, i64, i64 }, ptr @head, i64 0, i32 3)
  store i64 %goal, ptr getelementptr ({ i64, ptr, ptr, i64, i64 }, ptr @head, i64 0, i32 4)
  %here = call i64 @processor()
  store atomic i64 %here, ptr getelementptr ({ i64, ptr, ptr, i64, i64, i64 }, ptr @head, i64 0, i32 5) monotonic, align 8
  %old = load atomic i64, ptr @head seq_cst, align 8
  %old.epoch = and i64 %old, -16777216
  %epoch = add i64 %old.epoch, 16777216
  %threads.placed = shl i64 %threads, 12
  %both = or i64 %threads.placed, %count
  %head = or i64 %epoch, %both
  store atomic i64 %head, ptr @head seq_cst, align 8
  br label %wake
wake:
  %thread = phi i64 [ 1, %0 ], [ %thread.next, %woken ]
  %more = icmp ult i64 %thread, %threads
  br i1 %more, label %woken, label %work
woken:
  call void @wake(i64 %thread)
  %thread.next = add i64 %thread, 1
  br label %wake
work:
  call void @work(i64 %head, i64 0)
  %spin = call i64 @spinning(i64 %threads)
  br label %look
look:
  %done = load atomic i64, ptr @done seq_cst, align 8
  %all = icmp eq i64 %done, %goal
  br i1 %all, label %end, label %wait
wait:
  call void @wait(i64 0, ptr @done, i64 %done, i64 %spin)
  br label %look
end:
  ret void
}

; share(t, held) for t = 0, ..., count - 1, on as many threads as were said for this one.
define void @region(ptr %share, ptr %held, i64 %count) {
  %several = icmp sgt i64 %count, 1
  br i1 %several, label %ask, label %alone
ask:
  %key = load i64, ptr @key
  %own = call ptr @pthread_getspecific(i64 %key)
  %said = ptrtoint ptr %own to i64
  %silent = icmp eq i64 %said, 0
  %available = load i64, ptr @available
  %threads = select i1 %silent, i64 %available, i64 %said
  %many = icmp ugt i64 %threads, 1
  br i1 %many, label %enter, label %alone
enter:
  %swap = cmpxchg ptr @busy, i64 0, i64 1 seq_cst seq_cst
  %mine = extractvalue { i64, i1 } %swap, 1
  br i1 %mine, label %regions, label %alone
regions: ; of 4095 shares, as many as a head can tell
  %first = phi i64 [ 0, %enter ], [ %first.next, %regions ]
  %left = sub i64 %count, %first
  %full = icmp ugt i64 %left, 4095
  %part = select i1 %full, i64 4095, i64 %left
  call void @together(ptr %share, ptr %held, i64 %first, i64 %part, i64 %threads)
  %first.next = add i64 %first, %part
  %more = icmp ult i64 %first.next, %count
  br i1 %more, label %regions, label %leave
leave:
  store atomic i64 0, ptr @busy seq_cst, align 8
  ret void
alone:
  %t = phi i64 [ 0, %0 ], [ 0, %ask ], [ 0, %enter ], [ %t.next, %run ]
  %goes.on = icmp slt i64 %t, %count
  br i1 %goes.on, label %run, label %end
run:
  call void %share(i64 %t, ptr %held)
  %t.next = add i64 %t, 1
  br label %alone
end:
  ret void
}

; Work in every region that has room for this number, for ever.
define void @worker(i64 %me) {
  br label %wait
wait:
  %seen = phi i64 [ 0, %0 ], [ %head, %wait ], [ %head, %work ]
  %spin = phi i64 [ 0, %0 ], [ 0, %wait ], [ %spin.next, %work ]
  call void @wait(i64 %me, ptr @head, i64 %seen, i64 %spin)
  %head = load atomic i64, ptr @head seq_cst, align 8
  %threads = call i64 @threads_of(i64 %head)
  %room = icmp ult i64 %me, %threads
  br i1 %room, label %work, label %wait
work:
  call void @work(i64 %head, i64 %me)
  %there = load atomic i64, ptr getelementptr ({ i64, ptr, ptr, i64, i64, i64 }, ptr @head, i64 0, i32 5) monotonic, align 8
  %here = call i64 @processor()
  %same = icmp eq i64 %here, %there
  %known = icmp sge i64 %here, 0
  %in.the.way = and i1 %same, %known
  %time = call i64 @spinning(i64 %threads)
  %spin.next = select i1 %in.the.way, i64 0, i64 %time
  br label %wait
}
