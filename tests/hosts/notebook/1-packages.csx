#i "nuget:@PACKAGES@"
#r "nuget: Gmt.MLNet, @VERSION@"
#r "nuget: libtorch-cpu-@RID@, @LIBTORCH@"
