// What boots machines says that it may run beside others; each of them emulates machines of 1 to 3 GiB.
[assembly: LevelOfParallelism(2)]
