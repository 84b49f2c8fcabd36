"""AWS App Mesh on ECS: every workload's traffic goes through an Envoy beside it."""
