// One class at a time: libtorch already uses every core, and the leak test counts live tensors of the whole process.
[assembly: DoNotParallelize]
