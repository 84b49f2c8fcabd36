"""ECS or EKS, for this team: a short questionnaire, weighted reasons, and where the answer would flip."""
