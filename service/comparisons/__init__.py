"""The same application on ECS and on EKS, side by side, before anything is deployed."""
