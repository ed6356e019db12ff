"""监测对象: who is monitored, since when, and what stands between him and the removal of his risk."""
